"""Several ways of paying on one or several bills."""

import pytest

from cheyi.kernel import Money, Refused
from cheyi.settlement.rules.tendering import Tender, part_or_rest, spread

YUAN = Money.yuan


def test_deposit_card_and_wechat_meet_the_bill():
    shares = spread(
        [YUAN(1013)], [Tender("deposit_offset", YUAN(300)), Tender("pos", YUAN(500)), Tender("wechat", YUAN(213))]
    )
    assert [(share.tender.method, share.amount) for share in shares] == [
        ("deposit_offset", YUAN(300)),
        ("pos", YUAN(500)),
        ("wechat", YUAN(213)),
    ]


def test_cash_beyond_what_is_due_is_change():
    (share,) = spread([YUAN(87)], [Tender("cash", YUAN(100))])
    assert (share.amount, share.change) == (YUAN(87), YUAN(13))


def test_one_tender_covers_two_bills():
    shares = spread([YUAN(60), YUAN(40)], [Tender("wechat", YUAN(100))])
    assert [(share.bill, share.amount) for share in shares] == [(0, YUAN(60)), (1, YUAN(40))]


@pytest.mark.parametrize(
    ("tenders", "code"),
    [
        ([], "settlement.payment.nothing"),
        ([Tender("wechat", YUAN(0))], "settlement.payment.not_positive"),
        ([Tender("wechat", YUAN(-1))], "settlement.payment.not_positive"),
        ([Tender("wechat", YUAN("100.01"))], "settlement.payment.too_much"),
        ([Tender("wechat", YUAN(100)), Tender("cash", YUAN(1))], "settlement.payment.too_much"),
        ([Tender("wechat", YUAN(10**9))], "settlement.payment.too_large"),
        ([Tender("shells", YUAN(1))], "settlement.payment.unknown_method"),
    ],
)
def test_what_cannot_be_paid_is_refused(tenders, code):
    with pytest.raises(Refused) as refused:
        spread([YUAN(100)], tenders)
    assert refused.value.code == code


def test_part_or_rest_names_the_event():
    assert part_or_rest(YUAN(5), YUAN(5), "pay") == "pay_rest"
    assert part_or_rest(YUAN(5), YUAN(4), "refund") == "refund_part"
