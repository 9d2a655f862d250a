"""The refusals and to-dos of people in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PEOPLE: dict[str, str | Promise] = {
    "foundation.colleague.no_name": _("Type the name"),
    "foundation.colleague.no_letters": _("“%(name)s” has no letters. Type the name as it is spoken"),
    "foundation.colleague.too_long": _("%(length)s characters, at most %(longest)s fit. Shorten it"),
    "foundation.colleague.no_taken": _("%(who)s has the number %(no)s. %(free)s is free"),
    "foundation.colleague.sign_in_taken": _("“%(name)s” is taken. “%(free)s” is free"),
    "foundation.colleague.bad_sign_in": _("A sign-in name has letters or digits and no blanks"),
    "foundation.colleague.no_store": _("Choose the store"),
    "foundation.colleague.no_role": _("Choose at least one role. Who works here no more: use “Leaves”"),
    "foundation.colleague.role_not_here": _("%(role)s cannot be given there. Choose from the list"),
    "foundation.colleague.own_roles": _(
        "You cannot change your own roles. Another administrator does; if there is none, make one"
    ),
    "foundation.colleague.own_leaving": _(
        "You cannot shut yourself out. Another administrator does; if there is none, make one"
    ),
    "foundation.colleague.own_link": _("Change your own password under “My settings”"),
    "foundation.colleague.own_release": _(
        "You cannot release your own lock. Another administrator does, or “cheyi unlock” on the server"
    ),
    "foundation.colleague.last_administrator": _(
        "The last administrator stays: otherwise nobody could give roles or passwords any more. Make another one first, who "
        "has set his password"
    ),
    "foundation.colleague.no_longer": _("You are not administrator any more. Nothing was changed"),
    "foundation.colleague.changed_meanwhile": _("%(who)s has changed this meanwhile. Load the page again and look"),
    "foundation.colleague.left": _("%(name)s has left. Use “Works here again” first"),
    "foundation.colleague.here": _("%(name)s works here already"),
    "foundation.colleague.no_account": _("%(name)s has no account yet. Give a sign-in name under “Change” first"),
    "foundation.colleague.not_locked": _("%(name)s is not locked. A forgotten password: make a new link"),
    "foundation.colleague.no_reason": _("Say why, it is recorded"),
    "foundation.colleague.demo": _(
        "The demo's accounts stay as they are, so that everybody can sign in. Add somebody to try it"
    ),
    "foundation.password_link.gone": _(
        "It was used already, or is older than a day. Ask the administrator for a new one"
    ),
    "foundation.todo.released": _(
        "%(by)s has let %(name)s try to sign in again after too many wrong passwords: %(reason)s"
    ),
}
