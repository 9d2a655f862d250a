"""The foundation's refusals in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.colleagues.wording import PEOPLE
from cheyi.foundation.wording_services import SERVICES

WORDING: dict[str, str | Promise] = {
    **SERVICES,
    "kernel.number.not_a_number": _("“%(text)s” is not a number. Type digits, like 4.5"),
    "kernel.number.too_fine": _("“%(text)s” has too many decimals: at most %(places)s"),
    "kernel.number.too_large": _("“%(text)s” is too large. Check the number of digits"),
    "kernel.clock.never_open": _("The store has no opening hours ahead. Set the calendar first"),
    "foundation.state.not_now": _("That is not possible any more: the state has changed. Look at it again"),
    "foundation.form.no_key": _("The form is incomplete. Load the page again; what you typed stays"),
    "foundation.form.key_reused": _("This form was already sent with other values. Load the page again and repeat"),
    "foundation.form.invalid": _("Something in the form does not fit: %(fields)s"),
    "foundation.form.unreadable": _("This cannot be read: send one JSON object in UTF-8, with plain texts and numbers"),
    "foundation.form.wrong_media": _("Send it as %(media)s"),
    "foundation.form.too_large": _("That is more than %(megabytes)s MB. Send it in several calls"),
    "foundation.form.wrong_method": _("This address does not know that method. Use %(methods)s"),
    "foundation.undo.impossible": _("This cannot be undone"),
    "foundation.undo.not_allowed": _("You may not undo this. Ask whoever did it, or the manager"),
    "foundation.undo.done_already": _("This is undone already"),
    "foundation.todo.open_again": _("It is on the list again already, with a later day"),
    "foundation.account.wrong": _("Name or password does not fit. Try again, or ask the manager"),
    "foundation.account.too_fast": _("Too many wrong tries from this place. Wait a minute and try again"),
    "foundation.account.locked": _("Too many tries. Wait %(minutes)s minutes, or ask the administrator"),
    "foundation.account.short_password": _("Too short: at least %(shortest)s characters"),
    "foundation.account.long_password": _("Too long: at most %(longest)s characters"),
    "foundation.account.digits_password": _("Not digits alone: add letters or signs"),
    "foundation.account.common_password": _("Too common, it is soon guessed. Choose another"),
    "foundation.account.monotonous_password": _("Too few different characters. Choose another"),
    "foundation.account.near_password": _("Too much like “%(name)s”. Choose another"),
    "foundation.account.former_password": _("Too much like the present one. Choose another"),
    "foundation.account.wrong_present": _("That is not your present password. Nothing was changed"),
    "foundation.account.demo_password": _("Passwords of the demo stay as they are, so that everybody can sign in"),
    "foundation.account.unknown_approver": _("The second person's token is not valid in this store"),
    "foundation.account.agreement_self": _("You cannot be the second person yourself. Ask a colleague to agree"),
    "foundation.account.agreement_nobody": _(
        "This colleague cannot agree in this store. Choose somebody from the list"
    ),
    "foundation.account.agreement_wrong": _(
        "That is not the password of %(name)s. Nothing was done and nothing typed is lost: %(name)s types it again, "
        "or another colleague agrees"
    ),
    "foundation.account.agreement_locked": _(
        "Too many wrong passwords for %(name)s. Another colleague can agree now, %(name)s again in %(minutes)s minutes"
    ),
    "foundation.account.no_store": _("This account has no store yet. Ask the administrator for a grant"),
    "foundation.account.prove_again": _("You signed in a while ago. Type your password and send again"),
    **PEOPLE,
    "foundation.link.gone": _("This link is no longer valid. Ask the shop for a new one"),
}
