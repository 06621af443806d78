"""The named situations of the demo; docs/demo.md says where to find them."""

from datetime import datetime

from services import activities
from services.core import moments
from services.demo import decisions, files
from services.demo.diary import DAY, HOUR, MINUTE
from services.demo.staff import MACHINES, SERVICE, mobile_of
from services.demo.stage import Stage

NOTE = """谈判要点（记录人：销售）
1. 整机价 82.5 万，客户要求再让 1.5 万；
2. 首付两成半，36 期；
3. 旧机 PC200-8 置换，评估 15.2 万，客户期望 17 万；
4. 交机前要加装破碎管路，三次免费保养。
"""


def prepare(stage: Stage) -> None:
    """Everything that has happened and is planned in the stories, to be played in its order."""
    _customers(stage)
    _long_way_to_a_sale(stage)
    _full_day(stage)
    decisions.prepare(stage)


def _customers(stage: Stage) -> None:
    star = stage.branch.of_line(MACHINES)[0]
    stage.customer(
        "沐阳", star, city="南京市", district="江宁区", kind="earthworks", name="南京沐阳土石方工程有限公司", short_name="沐阳土石方",
        street="天元中路128号", phone="025 52188016", employees=14, notes="自有挖机7台，其中小松PC200-8两台机龄超过9年。",
    )  # fmt: skip
    stage.contact("沐阳", "何长顺", "m", "owner", "总经理", mobile_of(1), by=star)
    stage.contact("沐阳", "丁卫东", "m", "fleet", "设备经理", mobile_of(2), by=star)
    stage.customer(
        "石臼湖", star, city="南京市", district="溧水区", kind="quarry", name="溧水石臼湖矿业有限公司", short_name="石臼湖矿业",
        street="秦淮大道77号", phone="025 57410932", employees=86, credit_note="2025年有一次逾期，已结清。",
    )  # fmt: skip
    stage.contact("石臼湖", "邵金山", "m", "fleet", "矿长助理", mobile_of(3), by=star)
    stage.customer(
        "云台", star, city="南京市", district="浦口区", kind="construction", name="江苏云台建设工程有限公司", short_name="云台建设",
        street="浦珠中路301号", phone="025 58860217", employees=230, website="www.yuntai-js.example",
    )  # fmt: skip
    stage.contact("云台", "陆文斌", "m", "purchasing", "采购经理", mobile_of(4), by=star)
    stage.contact("云台", "顾婷", "f", "finance", "财务经理", mobile_of(5), by=star)
    stage.customer(
        "马俊杰",
        star,
        city="南京市",
        district="六合区",
        kind="owner_operator",
        name="马俊杰",
        street="雄州南路46号",
        phone=mobile_of(6),
    )
    stage.contact("马俊杰", "马俊杰", "m", "owner", "机主", mobile_of(6), by=star, key="马俊杰本人")


def _long_way_to_a_sale(stage: Stage) -> None:
    """沐阳土石方: from the first visit over needs, quotation and demonstration to today's negotiation."""
    star, leader = stage.branch.of_line(MACHINES)[0], stage.branch.sales_manager
    first, needs, offer, trial = (stage.clock(days, hour) for days, hour in ((-18, 9), (-14, 10), (-9, 14), (-4, 9)))
    stage.planned(
        "初访", star, first, 60, made=first - 2 * DAY, customer="沐阳", kind="visit", purpose="new_customer",
        met=["何长顺"],
    )  # fmt: skip
    stage.ended(
        "初访", star, first, first + 50 * MINUTE, result="met", attitude=3, competitor_seen="小松PC200-8",
        learned="何总在秣陵有个安置房土方，自己7台机器，两台PC200-8快一万小时了，油耗高，想换但嫌新车贵。约了下周看现场。",
        next_step="到秣陵工地看工况", next_step_on=stage.day(-14),
    )  # fmt: skip
    stage.planned(
        "看工况", star, needs, 90, made=first + HOUR, customer="沐阳", kind="visit", purpose="needs", subject="到秣陵工地看工况",
        met=["何长顺", "丁卫东"], after="初访",
    )  # fmt: skip
    stage.ended(
        "看工况", star, needs, needs + 80 * MINUTE, result="interested", attitude=4, machine_hours=9640,
        machine_seen="小松 PC200-8 · C61187",
        learned="工况是粘土夹碎石，装车为主，推荐HY215。丁工担心液压油温，讲了我们的散热。何总问按揭首付能不能两成。",
        needs="一台20吨级，配破碎管路，11月底进场", competitor_seen="三一SY215C",
        next_step="送HY215报价和按揭方案", next_step_on=stage.day(-9),
    )  # fmt: skip
    stage.planned(
        "报价", star, offer, 60, made=needs + 2 * HOUR, customer="沐阳", kind="visit", purpose="quotation", subject="送HY215报价和按揭方案",
        met=["何长顺"], after="看工况",
    )  # fmt: skip
    stage.ended(
        "报价", star, offer, offer + 55 * MINUTE, result="interested", attitude=4, competitor_seen="三一SY215C",
        learned="报84.5万，首付两成半36期。何总说三一便宜2万还送保养，但认可我们离他工地只有20公里。要求先试机。",
        next_step="安排HY215试机半天", next_step_on=stage.day(-4), files={"HY215报价单.pdf": _offer()},
    )  # fmt: skip
    stage.planned(
        "试机", star, trial, 180, made=offer + 2 * HOUR, customer="沐阳", kind="demonstration", purpose="needs",
        subject="HY215秣陵工地试机", met=["何长顺", "丁卫东"], after="报价", company=[stage.branch.of_line(SERVICE)[0]],
        note="板车八点到，服务一起去，带流量计。",
    )  # fmt: skip
    stage.ended(
        "试机", star, trial, trial + 170 * MINUTE, result="convinced", attitude=5, check_in="江宁区秣陵安置房工地", machine_hours=312,
        machine_seen="瀚岳 HY215 样机 · 21500873",
        learned="试了三个小时，装车41车，油耗每小时13.8升，比他的老PC200省三升多。司机说动作快、先导轻。何总当场问最低价，丁工也松口了。",
        needs="要加装破碎管路，旧PC200-8一台置换", next_step="带经理一起谈价，旧机评估15.2万", next_step_on=stage.day(0),
        files={"试机现场1.png": files.picture(1), "试机现场2.png": files.picture(2), "油耗记录.txt": FUEL.encode()},
    )  # fmt: skip
    stage.do(
        stage.clock(-3, 17, 20), leader, activities.review, "试机", mark=5,
        comment="油耗数据很有说服力，谈价我跟你一起去。",
    )  # fmt: skip


def _full_day(stage: Stage) -> None:
    """The first rep's today: three done, one in progress, the next in half an hour, one new and urgent, one overdue."""
    star, leader, now = stage.branch.of_line(MACHINES)[0], stage.branch.sales_manager, stage.at
    midnight = moments.day_start(stage.day(0), stage.zone)
    unit = min(HOUR, max((now - midnight - 10 * MINUTE) / 6 // MINUTE * MINUTE, MINUTE))

    def ago(units: float) -> datetime:
        """A full minute in the morning, which is shorter when the day is young."""
        return now - units * unit // MINUTE * MINUTE

    evening = stage.clock(-1, 18, 30)
    for key, customer, kind, purpose, subject, begin, end in (
        ("谈价", "沐阳", "visit", "negotiation", "HY215谈价，旧机置换", 5.6, 4.7),
        ("付款", "云台", "visit", "collection", "云台建设三季度尾款", 4.2, 3.5),
        ("约看机", "马俊杰", "call", "needs", "马俊杰换机意向", 2.4, 2.2),
    ):
        planned = ago(begin)
        stage.planned(
            key, star, planned, max(int((begin - end) * unit / MINUTE), 5), made=evening, customer=customer, kind=kind, purpose=purpose,
            subject=subject, after="试机" if key == "谈价" else None, company=[leader] if key == "谈价" else (),
            met={"沐阳": ["何长顺"], "云台": ["顾婷"], "马俊杰": ["马俊杰本人"]}[customer],
        )  # fmt: skip
    stage.ended(
        "谈价", star, ago(5.5), ago(4.8), result="interested", attitude=5,
        learned="整机价谈到82.5万，何总还要1.5万和三次保养，旧机他要17万。王经理答应下午回话，明天基本能定。",
        next_step="答复优惠，签意向书", next_step_on=stage.day(1), files={"谈判要点.txt": NOTE.encode()},
    )  # fmt: skip
    stage.ended(
        "付款", star, ago(4.1), ago(3.6), result="paid", attitude=4,
        learned="顾经理核对无误，尾款12.6万下午走流程，给看了付款申请截图。", next_step="查收尾款", next_step_on=stage.day(2),
    )  # fmt: skip
    stage.ended(
        "约看机", star, ago(2.4), ago(2.25), result="appointment", attitude=4,
        learned="老马说旧225烧机油，想换HY75加一台，约明天上午去他六合的工地。", next_step="上午到六合看旧机", next_step_on=stage.day(1),
    )  # fmt: skip
    stage.planned(
        "矿山", star, ago(0.5), int(unit / 2 / MINUTE) + 20, made=evening, customer="石臼湖", kind="visit", purpose="needs",
        subject="石臼湖矿业HY490选型", met=["邵金山"], note="带HY490和HY370的参数对比，先看爆破面。",
    )  # fmt: skip
    stage.do(ago(0.45), star, activities.start, "矿山", check_in="溧水区石臼湖矿区北门")
    stage.planned(
        "下一家", star, now + 30 * MINUTE, 60, made=evening, customer="云台", kind="visit", purpose="quotation",
        subject="云台建设明年框架报价", met=["陆文斌"],
    )  # fmt: skip
    stage.planned(
        "回电", star, now + 110 * MINUTE, 15, made=evening, customer="沐阳", kind="call", purpose="negotiation",
        subject="答复何总优惠", met=["何长顺"],
    )  # fmt: skip
    stage.assigned(
        "新派", leader, star, now + 150 * MINUTE, 60, made=now - 12 * MINUTE, customer="马俊杰", kind="visit", purpose="competitor_survey",
        subject="三一在六合的促销价摸底", urgent=True, note="听说三一这周在六合做活动，今天务必问到75和215的成交价。", due=now + 8 * HOUR,
    )  # fmt: skip
    stage.planned(
        "欠的一家", star, stage.clock(-1, 15), 60, made=stage.clock(-2, 18), customer="云台", kind="visit",
        purpose="machine_census", subject="云台建设设备盘点",
    )  # fmt: skip
    _days_to_come(stage, evening)


def _days_to_come(stage: Stage, made: datetime) -> None:
    """What the first rep has planned for the next two weeks."""
    star = stage.branch.of_line(MACHINES)[0]
    for days, hour, customer, kind, purpose, subject in TO_COME:
        stage.planned(
            f"将来{days}{hour}", star, stage.clock(days, hour), 60, made=made, customer=customer, kind=kind,
            purpose=purpose, subject=subject,
        )  # fmt: skip


TO_COME = (
    (1, 9, "马俊杰", "visit", "needs", "上午到六合看旧机"),
    (1, 14, "沐阳", "visit", "negotiation", "签HY215意向书"),
    (2, 10, "云台", "call", "collection", "查收尾款"),
    (3, 9, "石臼湖", "meeting", "needs", "HY490技术交流会"),
    (3, 14, "云台", "visit", "negotiation", "云台建设框架协议谈价"),
    (4, 10, "马俊杰", "call", "quotation", "马俊杰HY75报价"),
    (6, 9, "沐阳", "visit", "hand_over", "HY215签合同"),
    (7, 14, "云台", "meeting", "negotiation", "和陆文斌对框架协议"),
    (8, 8, "石臼湖", "factory_tour", "needs", "邀请邵金山回厂参观"),
    (10, 9, "马俊杰", "visit", "negotiation", "马俊杰置换谈价"),
    (11, 15, "沐阳", "on_site", "after_delivery", "HY215首次回访"),
)
FUEL = "时间,装车,油耗(升)\n08:40-09:40,14,13.6\n09:40-10:40,13,14.1\n10:40-11:30,14,13.7\n"


def _offer() -> bytes:
    lines = (
        "HANYUE CONSTRUCTION MACHINERY",
        "Quotation HY215",
        "Price CNY 845,000.00",
        "Down payment 25 %, 36 months",
        "Valid 30 days",
    )
    return files.page(lines)
