"""What managers have to decide in the demo, and how work went from hand to hand."""

from services import activities
from services.core.work import Work
from services.demo.diary import DAY, HOUR, MINUTE
from services.demo.staff import MACHINES, PARTS, SERVICE
from services.demo.stage import Stage
from services.time_rules import reassignment


def prepare(stage: Stage) -> None:
    """Everything of this kind, to be played in its order."""
    _waiting_for_answers(stage)
    _handed_over(stage)
    _queue(stage)
    _repair(stage)


def _waiting_for_answers(stage: Stage) -> None:
    """What managers have to decide: unanswered, declined, insisted, soon to be passed on."""
    reps, leader, manager, now = (
        stage.branch.of_line(MACHINES),
        stage.branch.sales_manager,
        stage.branch.manager,
        stage.at,
    )
    stage.assigned(
        "未答急件", leader, reps[2], now - 20 * HOUR, 60, made=now - 28 * HOUR, customer="石臼湖", kind="visit", purpose="complaint",
        subject="石臼湖矿业投诉：破碎锤不打", urgent=True, note="邵助理昨天电话里很急，务必当天到现场。", due=now - 4 * HOUR,
    )  # fmt: skip
    stage.assigned(
        "新派普通", leader, reps[1], stage.clock(1, 10), 60, made=now - 100 * MINUTE, customer="云台", kind="visit", purpose="relationship",
        subject="给云台建设送明年挂历", due=stage.clock(2, 18),
    )  # fmt: skip
    for key, by, to, start, customer, subject, reason in (
        ("拒一", leader, reps[3], now + 3 * HOUR, "石臼湖", "石臼湖矿业二期设备需求", "这几天在盐城盯交机，回南京要后天，请换人或者改期。"),
        ("拒二", manager, reps[4], now + HOUR, "云台", "云台建设HY305按揭资料补签", "顾婷坚持要管事的领导去谈利息，我去没有用。"),
    ):  # fmt: skip
        stage.assigned(
            key, by, to, start, 60, made=now - 9 * HOUR, customer=customer, kind="visit", purpose="needs", subject=subject,
            due=stage.clock(2, 18),
        )  # fmt: skip
        stage.do(now - 2 * HOUR, to, activities.decline, key, reason=reason)
    stage.assigned(
        "坚持", manager, reps[5], stage.clock(1, 14), 90, made=now - 30 * HOUR, customer="沐阳", kind="visit", purpose="machine_census",
        subject="沐阳土石方全部设备登记", due=stage.clock(3, 18),
    )  # fmt: skip
    stage.do(now - 26 * HOUR, reps[5], activities.decline, "坚持", reason="这家是同事在跟，我去登记怕人家有想法。")
    stage.do(
        now - 25 * HOUR, manager, activities.insist, "坚持",
        comment="我和何总打过招呼了，只登记设备，不谈价格，两个小时的事。",
    )  # fmt: skip
    old = now - 14 * DAY - 21 * HOUR
    stage.assigned(
        "快到期", leader, reps[6], old + 5 * DAY, 60, made=old, customer="石臼湖", kind="visit", purpose="competitor_survey",
        subject="石臼湖矿区竞品台数统计", due=old + 7 * DAY,
    )  # fmt: skip
    stage.assigned(
        "作废", leader, reps[7], stage.clock(-2, 10), 60, made=stage.clock(-4, 17), customer="马俊杰", kind="visit",
        purpose="quotation", subject="马俊杰二手机报价",
    )  # fmt: skip
    stage.do(stage.clock(-3, 9), leader, activities.cancel, "作废", reason="客户决定买新机，二手报价不用做了。")


def _handed_over(stage: Stage) -> None:
    """One that went through three hands, and three at once when somebody fell ill."""
    reps, leader, manager = stage.branch.of_line(MACHINES), stage.branch.sales_manager, stage.branch.manager
    start = stage.clock(-8, 9)
    stage.assigned(
        "三手", leader, reps[3], start + 2 * DAY, 60, made=start, customer="云台", kind="visit",
        purpose="after_delivery", subject="云台建设HY370用机回访", due=start + 7 * DAY,
    )  # fmt: skip
    stage.do(start + 3 * HOUR, reps[3], activities.decline, "三手", reason="下周轮到我回厂培训，走不开。")
    stage.do(start + 5 * HOUR, leader, activities.reassign, "三手", to_user_id=reps[4].id, reason="培训期间由你代。")
    stage.do(
        start + 27 * HOUR, manager, activities.reassign, "三手", to_user_id=reps[1].id,
        reason="你和顾经理熟，顺便把付款问清楚。",
    )  # fmt: skip
    visit = stage.clock(-5, 10)
    stage.ended(
        "三手", reps[1], visit, visit + 65 * MINUTE, result="met", attitude=4, machine_seen="瀚岳 HY370 · 37000452", machine_hours=688,
        learned="机器688小时，司机反映空调风小，已请服务带滤芯。陆经理说明年一月还要两台，先报个框架价。顾经理答应尾款本月付。",
        next_step="给陆经理做框架报价", next_step_on=stage.day(0),
    )  # fmt: skip
    stage.do(
        visit + 8 * HOUR, leader, activities.review, "三手", mark=4, comment="回访带出新商机，很好。框架报价抄我。",
    )  # fmt: skip
    keys = ("病假一", "病假二", "病假三")
    for number, (key, customer) in enumerate(zip(keys, ("沐阳", "石臼湖", "马俊杰"), strict=True)):
        stage.assigned(
            key, leader, reps[6], stage.clock(2, 9 + 2 * number), 60, made=stage.clock(-2, 16), customer=customer,
            kind="visit", purpose="relationship", subject=f"年末走访：{customer}",
        )  # fmt: skip

    def delegate(work: Work) -> None:
        ids = [stage.ids[key] for key in keys]
        activities.delegate_many(work, activity_ids=ids, to_user_id=reps[7].id, reason="住院三天，手上的走访先转给你。")

    stage.then(stage.clock(-1, 8, 40), leader, delegate)


def _queue(stage: Stage) -> None:
    """Parts work that no rep carried out for 15 days each: the time rule passed it on until the manager had it (ACT-7)."""
    begin = stage.at - 47 * DAY
    stage.assigned(
        "排队", stage.branch.manager, stage.branch.of_line(PARTS)[0], begin + DAY, 60, made=begin, customer="云台", kind="visit",
        purpose="parts_promotion", subject="云台建设配件寄售柜盘点", due=begin + 5 * DAY,
    )  # fmt: skip
    for turn in (1, 2, 3):
        stage.rule(begin + turn * (15 * DAY + 2 * HOUR), reassignment.reassign)


def _repair(stage: Stage) -> None:
    """A service rep in the middle of a repair, after the complaint that the sales rep did not answer."""
    engineer, manager, now = stage.branch.of_line(SERVICE)[0], stage.branch.manager, stage.at
    stage.assigned(
        "抢修", manager, engineer, now - 70 * MINUTE, 180, made=now - 3 * HOUR, customer="石臼湖", kind="on_site", purpose="complaint",
        subject="报修：HY490回转有异响", urgent=True, note="矿上催得紧，带润滑脂和备用马达。", due=now + 3 * HOUR,
    )  # fmt: skip
    stage.do(now - 55 * MINUTE, engineer, activities.start, "抢修", check_in="溧水区石臼湖矿区三号平台")
