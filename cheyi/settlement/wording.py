"""Settlement's refusals in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: dict[str, str | Promise] = {
    "settlement.bill.no_lines": _("There is nothing to bill yet. Add a job or a part first"),
    "settlement.bill.gap_policy": _("Say who bears the insurer's gap: customer, store, or renegotiate"),
    "settlement.bill.approved_too_much": _("The insurer approved %(approved)s, but only %(claimed)s is claimed"),
    "settlement.bill.coupon_too_large": _("The coupon of %(coupon)s is larger than what it may cover (%(most)s)"),
    "settlement.bill.paid_already": _("Bill %(no)s has payments. Refund them first, then reopen"),
    "settlement.bill.rounding_too_large": _(
        "%(amount)s off is more than the %(limit)s that may be rounded off. Ask a manager"
    ),
    "settlement.bill.reason_missing": _("Say why the rest is given up"),
    "settlement.bill.second_person": _("A second person who may approve credit must agree. Ask the manager"),
    "settlement.bill.other_store": _("Bill %(no)s belongs to another store. Open that store first"),
    "settlement.bill.not_now": _("This bill takes no money any more. Load it again to see what happened"),
    "settlement.payment.nothing": _("Choose how it is paid and type the amount"),
    "settlement.payment.unknown_method": _("This way of paying is not known. Choose one of the list"),
    "settlement.payment.not_positive": _("The amount must be more than zero"),
    "settlement.payment.too_large": _("%(amount)s is more than one payment can be. Check the number of digits"),
    "settlement.payment.too_much": _("That is %(more)s more than is due. Only cash can be more: it gives change"),
    "settlement.payment.change": _(
        "%(given)s in cash would mean %(change)s of change, more than a drawer gives. Look at the amount again"
    ),
    "settlement.payment.channel_used": _("This transaction number is booked already. Look at today's payments"),
    "settlement.payment.others_deposit": _(
        "Deposit %(no)s was left by somebody else than the payer of bill %(bill)s. Use a deposit of this payer"
    ),
    "settlement.payment.deposit_missing": _("Choose which deposit of this store is used"),
    "settlement.payment.not_by_deposit": _("Only the way of paying “deposit” can name a deposit"),
    "settlement.payment.other_document": _("These bills are of different orders. Take the money order by order"),
    "settlement.payment.internal": _("The house bears bill %(no)s itself. It takes no money"),
    "settlement.prepayment.too_little": _("The deposit does not hold %(amount)s any more. Take less, or another way"),
    "settlement.credit.no_account": _("This payer has no credit account. The accountant can open one"),
    "settlement.credit.over_limit": _(
        "Over the credit limit: %(used)s of %(limit)s used, %(amount)s more asked. Take money first, or the accountant "
        "or manager raises the limit on the customer's page"
    ),
    "settlement.credit.overdue": _("Something is unpaid for more than %(days)s days. The manager can decide"),
    "settlement.credit.negative": _("A limit is zero or more, for 0 to 365 days"),
    "settlement.shift.running": _("You have a shift already. Count and close it first"),
    "settlement.shift.float": _("The float is zero or more, ten million yuan at most"),
    "settlement.shift.not_yours": _("This is the shift of %(cashier)s. Each counts and closes the own one"),
    "settlement.shift.not_counted": _("Count these ways of paying too: %(methods)s"),
    "settlement.shift.counted_twice": _("%(method)s is counted twice. Add the two amounts and send one"),
    "settlement.shift.impossible": _("%(amount)s cannot have been counted. Check sign and digits"),
    "settlement.shift.count_again": _("Money moved since the count. Count again"),
    "settlement.shift.note_missing": _("There is a difference of %(difference)s. Write down what you know about it"),
    "settlement.shift.manager": _("A difference of %(difference)s is above %(limit)s. The manager must agree"),
    "settlement.shift.own": _("Nobody audits the own shift. Ask the accountant"),
    "settlement.approval.waits": _("This is asked for already and waits for an answer. Withdraw that first"),
    "settlement.approval.decided": _("%(name)s has decided this already. Load the page again to see it"),
    "settlement.approval.own": _("Nobody agrees to the own request. A colleague decides"),
    "settlement.approval.not_own": _("Only %(name)s can withdraw this request"),
    "settlement.approval.no_right": _("Your role may not agree to this. The manager decides"),
    "settlement.approval.asker_gone": _("%(name)s may not do this here any more. Decline, and have somebody ask again"),
    "settlement.approval.no_answer": _("Say why not, so that the asker knows how to go on"),
    "settlement.refund.not_positive": _("The amount to give back must be more than zero"),
    "settlement.refund.too_much": _("At most %(left)s can be given back on this payment"),
    "settlement.refund.reason_missing": _("Say why the money goes back"),
    "settlement.refund.left_of_deposit": _("Deposit %(no)s holds %(left)s. No more than that can be given back"),
    "settlement.refund.other_way": _("Deposit %(no)s goes back the way it came, or in cash"),
    "settlement.refund.second_person": _("Above %(limit)s a second person must agree. Ask the accountant or manager"),
    "settlement.refund.not_alone": _("Giving money back needs the agreement of the accountant or manager"),
    "settlement.refund.earnest": _("Earnest money goes back only when a second person agrees. Ask the manager"),
}
