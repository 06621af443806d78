"""Parts of screens drawn by components of our own (st.components.v2): script, style and a Python call each."""
