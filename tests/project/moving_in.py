"""A garage that moves in: the set-up with made-up people, and its own tables as files."""

from __future__ import annotations

from datetime import UTC, datetime

from cheyi.foundation.access import SYSTEM
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.project.importing import KINDS, run_file
from cheyi.project.setting_up import FirstStore, offer_link, set_up

NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
PASSWORD = "pflaume-reist-42"
FILES = {
    "staff": (
        "工号,姓名,岗位,登录名,技能等级,小时成本\n"
        "E01,陈顾问,服务顾问,chen,,\n"
        "E02,王技师,技师、质检员,wang,机电4、电器3,60\n"
    ),
    "customers": "姓名,手机号,客户编号\n王小明,19900001234,K1\n李梅,+86 199-0000-9999,K2\n",
    "vehicles": "车牌号,车架号,客户编号,车主,车系,里程\n浙A12345,LSVA42A15FE000001,K1,王小明,朗逸,24800\n",
    "parts": "配件编号,名称,零售价,单位\nOIL-X1,机油,95,升\nFLT-X1,机滤,68,个\n",
    "stock": "配件编号,数量,成本价,货位\nOIL-X1,40,60,A-01-1-01\nFLT-X1,12,30,A-01-1-02\n",
    "operations": "项目编号,项目名称,工时,配件\nZZ01,小保养,0.6,OIL-X1×4；FLT-X1×1\n",
}


def begun(*, works_alone=False):
    """Set up an empty installation: its first administrator and its only store."""
    first = FirstStore(
        group="示例汽修",
        legal_entity="示例汽修",
        store="总店",
        code="SL01",
        kind=Store.Kind.GARAGE,
        person="店主",
        name="boss",
        password=PASSWORD,
        works_alone=works_alone,
    )
    user = set_up(first, token=offer_link(now=NOW), now=NOW)
    with everywhere("looking for the only store"):
        return user, Store.objects.get()


def taken_over(kind, text, store, folder, *, apply=True):
    """Take a file of this text over, or try it out."""
    file = folder / f"{kind}.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run_file(KINDS[kind], file, store=store, by=SYSTEM, now=NOW, apply=apply)
