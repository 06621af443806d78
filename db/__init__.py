"""What is stored: models, the engine, migrations."""
