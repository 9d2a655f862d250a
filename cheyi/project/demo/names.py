"""Invented names, phones and plates that cannot be anybody's: phones 1990000xxxx, plate serials beginning with 8."""

from __future__ import annotations

from random import Random

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢傅钟崔汪廖石金贾夏付方邹白孟秦邱江尹薛段雷侯龙陶史黎贺顾毛郝龚邵万覃武钱戴严莫孔汤单解仇"
GIVEN = [
    "明浩",
    "美华",
    "一凡",
    "晓雯",
    "俊杰",
    "思远",
    "志强",
    "蕾",
    "凯",
    "文博",
    "洁",
    "航",
    "梦涵",
    "雨桐",
    "建国",
    "磊",
    "洋",
    "浩",
    "婷",
    "斌",
    "志远",
    "敏",
    "冬",
    "子轩",
    "欣怡",
    "梓涵",
    "宇航",
    "诗涵",
    "浩然",
    "佳怡",
    "天翔",
    "雅琪",
    "伟",
    "芳",
    "娜",
    "秀英",
    "静",
    "丽",
    "强",
    "军",
    "艳",
    "勇",
    "杰",
    "娟",
    "涛",
    "超",
    "霞",
    "平",
    "刚",
    "桂英",
    "鹏",
    "玲",
    "飞",
    "红",
    "鑫",
    "波",
    "燕",
    "辉",
    "玉兰",
    "海燕",
    "晨曦",
    "若曦",
    "嘉豪",
    "思颖",
    "俊熙",
    "语嫣",
    "泽宇",
    "可馨",
    "梓萱",
    "博文",
    "奕辰",
    "清怡",
    "昊天",
    "云舒",
    "知远",
    "景行",
    "书瑶",
    "望舒",
    "念慈",
]
COMPANIES = ("云栖", "钱江", "湖畔", "望江", "拱宸", "天目", "凤凰", "九溪", "灵隐", "白马")
TRADES = ("物流有限公司", "网约车服务有限公司", "商贸有限公司", "建设工程有限公司", "科技有限公司")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
CHARGED = {"bev": "D", "phev": "F", "erev": "F"}


def person(random: Random) -> str:
    """A person's name."""
    return random.choice(SURNAMES) + random.choice(GIVEN)


def company(random: Random) -> str:
    """A firm's name."""
    return f"杭州{random.choice(COMPANIES)}{random.choice(TRADES)}"


def mobile(number: int) -> str:
    """The n-th demo phone, n below 10,000."""
    return f"1990000{number:04d}"


def plate(number: int, *, energy: str) -> str:
    """The n-th demo plate of its kind: serials beginning with 8, all different below 100,000.

    Cars that run on a battery alone bear a D, those that can be charged and refuelled an F (GA 36-2018).
    """
    city = LETTERS[number // 10_000 % len(LETTERS)]
    return f"浙{city}{CHARGED.get(energy, '')}8{number % 10_000:04d}"
