"""Lists behind the invented summary: causes, groups, profiles and rules with their labels and invented shares."""

from __future__ import annotations

from typing import Any

CAUSES = [
    ("01", "illness", "因病", 30.0),
    ("09", "lack of funds", "缺资金", 18.0),
    ("07", "lack of skill", "缺技术", 15.0),
    ("08", "lack of labour", "缺劳力", 10.0),
    ("03", "schooling", "因学", 10.0),
    ("02", "disability", "因残", 9.0),
    ("10", "poor transport", "交通条件落后", 3.0),
    ("04", "disaster", "因灾", 2.0),
    ("05", "lack of land", "缺土地", 1.2),
    ("06", "lack of water", "缺水", 0.8),
    ("11", "weak own motivation", "自身发展动力不足", 0.7),
    ("12", "marriage cost", "因婚", 0.2),
    ("99", "other", "其他", 0.1),
]
ETHNICITIES = [
    ("HA", "Han", "汉族", 62.0),
    ("HU", "Hui", "回族", 16.0),
    ("DX", "Dongxiang", "东乡族", 11.0),
    ("ZA", "Tibetan", "藏族", 9.0),
    ("BN", "Bonan", "保安族", 0.6),
    ("TU", "Tu", "土族", 0.6),
    ("SL", "Salar", "撒拉族", 0.4),
    ("YG", "Yugur", "裕固族", 0.3),
    ("MG", "Mongol", "蒙古族", 0.1),
    ("KZ", "Kazakh", "哈萨克族", 0.05),
    ("JN", "Jino", "基诺族", 0.000001),
]
GROUPS = {
    "education": [
        ("01", "illiterate or semi-literate", "文盲或半文盲", 18.0),
        ("02", "primary school", "小学", 36.0),
        ("03", "junior secondary", "初中", 28.0),
        ("04", "senior secondary", "高中", 8.0),
        ("05", "college and above", "大专及以上", 4.0),
        ("06", "preschool child", "学龄前儿童", 6.0),
    ],
    "health": [
        ("01", "healthy", "健康", 82.0),
        ("02", "long-term chronic disease", "长期慢性病", 10.0),
        ("03", "serious disease", "患有大病", 3.0),
        ("04", "disabled", "残疾", 5.0),
    ],
    "household_size": [
        ("1", "1 person", "1人", 5.0),
        ("2", "2 persons", "2人", 11.0),
        ("3", "3 persons", "3人", 17.0),
        ("4", "4 persons", "4人", 28.0),
        ("5", "5 persons", "5人", 20.0),
        ("6", "6 persons", "6人", 12.0),
        ("7+", "7 persons or more", "7人及以上", 7.0),
    ],
    "labour": [
        ("01", "ordinary labour", "普通劳动力", 48.0),
        ("02", "skilled labour", "技能劳动力", 4.0),
        ("03", "lost ability", "丧失劳动力", 7.0),
        ("04", "no ability", "无劳动力", 33.0),
        ("05", "weak or half ability", "弱劳动力或半劳动力", 8.0),
    ],
}
INCOME = {"wage_yuan": 3600, "business_yuan": 2700, "property_yuan": 280, "transfer_yuan": 2400}
HARD = {
    "6211": 0.1,
    "6212": 0.12,
    "6229": 0.14,
    "6230": 0.09,
    "6205": 0.08,
    "6210": 0.07,
    "6208": 0.06,
}
LABELS = {
    "households": {"en": "registered households", "zh": "建档立卡户"},
    "assessable": {"en": "can be assessed", "zh": "可评估"},
    "score": {"en": "reach the pass mark", "zh": "达到及格分"},
    "vetoes": {"en": "no veto", "zh": "未被一票否决"},
    "outcome": {"en": "lifted out", "zh": "脱贫"},
}


def _indicator(
    name: str, en: str, zh: str, weight: int | None, veto: bool, default: bool = False
) -> dict[str, Any]:
    return {
        "id": name,
        "label": {"en": en, "zh": zh},
        "weight": weight,
        "veto": veto,
        "default": default,
    }


_SIX = [
    ("income", "disposable income per person", "人均可支配收入", 30, True),
    ("housing", "safe and stable housing", "安全稳定住房", 20, True),
    ("education", "compulsory education", "义务教育", 15, False),
    ("medical", "basic medical care", "基本医疗", 15, False),
    ("water", "safe drinking water", "安全饮水", 10, False),
    ("capacity", "capacity to earn", "增收能力", 10, False),
]
_STRICT = [
    ("income", "net income above the line", "人均纯收入稳定超过标准"),
    ("food_clothing", "no worry about food and clothing", "不愁吃不愁穿"),
    ("water", "safe drinking water", "安全饮水"),
    ("education", "compulsory education", "义务教育"),
    ("medical", "basic medical care", "基本医疗"),
    ("housing", "safe housing", "住房安全"),
]
_TWELVE = [
    ("income", "disposable income", "人均可支配收入"),
    ("housing", "safe and stable housing", "安全稳定住房"),
    ("water", "safe water", "安全饮水"),
    ("schooling", "nine-year schooling", "九年义务教育"),
    ("training", "main labourer trained", "主要劳动力培训"),
    ("path", "income path", "增收渠道"),
    ("medical", "medical insurance", "参加新农合"),
    ("pension", "pension", "养老保险"),
    ("toilet", "sanitary toilet", "卫生厕所"),
    ("media", "telephone, TV or internet", "电话电视网络"),
    ("debt", "no debt for illness, school or marriage", "无因病因学因婚负债"),
    ("consumption", "consumption above the line", "消费支出达标"),
]

PROFILES: dict[str, dict[str, Any]] = {
    "paper-weighted": {
        "label": {"en": "Weighted six indicators (paper)", "zh": "六项指标加权评分(论文)"},
        "level": "household",
        "pass_mark": 80,
        "default": True,
        "indicators": [_indicator(*row, default=True) for row in _SIX],
    },
    "gansu-2018": {
        "label": {
            "en": "Gansu 2018: six items, all veto",
            "zh": "甘肃省2018年贫困人口脱贫标准(6项)",
        },
        "level": "household",
        "pass_mark": None,
        "default": False,
        "indicators": [_indicator(*row, None, True) for row in _STRICT],
    },
    "gansu-2013-12ind": {
        "label": {"en": "Gansu 2013: twelve indicators", "zh": "甘肃省2013年12项指标"},
        "level": "household",
        "pass_mark": None,
        "default": False,
        "indicators": [_indicator(*row, None, True) for row in _TWELVE],
    },
    "gansu-2018-village": {
        "label": {"en": "Gansu 2018, village: four items", "zh": "甘肃省2018年贫困村出列标准(4项)"},
        "level": "village",
        "pass_mark": None,
        "default": False,
        "indicators": [
            _indicator("incidence", "poverty incidence", "贫困发生率", None, True),
            _indicator(
                "services", "school, clinic and social insurance", "公共服务", None, True, True
            ),
        ],
    },
    "gansu-2018-county": {
        "label": {"en": "Gansu 2018, county: three items", "zh": "甘肃省2018年贫困县摘帽标准(3项)"},
        "level": "county",
        "pass_mark": None,
        "default": False,
        "indicators": [
            _indicator("incidence", "poverty incidence", "综合贫困发生率", None, True),
            _indicator(
                "villages_exited", "share of poor villages out", "贫困村出列比例", None, True
            ),
            _indicator("approval", "public approval", "群众认可度", None, True),
        ],
    },
}

FINDINGS = [
    (
        "D01",
        "document",
        "high",
        "data_error",
        "number has neither 15, 18, 20 nor 22 characters",
        "证件号码位数不符",
    ),
    ("D03", "document", "high", "data_error", "check character does not fit", "证件号码校验位错误"),
    (
        "D05",
        "document",
        "medium",
        "data_error",
        "birth date differs from the number",
        "出生日期与证件号码不符",
    ),
    ("E01", "empty", "low", "data_error", "ethnicity missing", "民族为空"),
    ("E04", "empty", "medium", "data_error", "health missing", "健康状况为空"),
    ("E07", "empty", "high", "data_error", "no head of household", "无户主"),
    (
        "R01",
        "relation",
        "medium",
        "data_error",
        "spouse has the sex of the head",
        "配偶与户主性别相同",
    ),
    (
        "C01",
        "cause",
        "medium",
        "data_error",
        "cause is illness, but all are healthy",
        "因病致贫但成员均健康",
    ),
    (
        "C02",
        "cause",
        "medium",
        "data_error",
        "cause is schooling, but nobody studies",
        "因学致贫但无在校生",
    ),
    (
        "L01",
        "labour",
        "low",
        "data_error",
        "healthy adult marked as unable",
        "健康成年人标注为无劳动力",
    ),
    ("W02", "work", "low", "data_error", "place of work, but no months", "有务工地点无务工时间"),
    ("I01", "income", "high", "data_error", "business income without cost", "有生产经营收入无支出"),
    (
        "I03",
        "income",
        "medium",
        "data_error",
        "income a person above 100,000 yuan",
        "人均收入高于10万元",
    ),
    ("S02", "school", "high", "not_delivered", "child of 6 to 15 without school", "6—15岁未在校"),
    ("N01", "insurance", "high", "not_delivered", "no medical insurance", "未参加基本医疗保险"),
    ("N02", "insurance", "low", "data_error", "two medical insurances at once", "重复参加医疗保险"),
    (
        "X14",
        "exit",
        "high",
        "wrongly_exited",
        "exited, but an item fails now",
        "已脱贫但现有指标不达标",
    ),
    ("G02", "land", "low", "data_error", "more than 50 mu a person", "人均耕地超过50亩"),
]
