"""The project's refusals in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: dict[str, str | Promise] = {
    "project.set_up.done": _("This installation is set up already. Sign in"),
    "project.set_up.link_gone": _("This set-up link is used or too old. Start cheyi again; it prints a new one"),
    "project.set_up.missing": _("Please fill this in"),
    "project.account.passwords_differ": _("The two are not the same. Nothing was changed"),
    "project.account.unknown_name": _("There is no account “%(name)s”"),
    "project.token.unknown_store": _("There is no store with the code “%(store)s”"),
    "project.token.no_grant": _("%(user)s has no role in store %(store)s, so a token would open nothing"),
    "project.token.unknown_permission": _("Unknown permissions: %(codes)s"),
    "project.set_up.code": _("One to eight capital letters or digits, like HZ01"),
    "project.import.no_head": _(
        "None of the first ten rows names a column such as %(columns)s. The empty file has all of them:"
        " cheyi import --template %(kind)s, or on the page"
    ),
    "project.import.missing_columns": _(
        "The file lacks the columns %(columns)s. The empty file has all of them: cheyi import --template %(kind)s, or on the page"
    ),
    "project.import.doubled_column": _("The column “%(column)s” is there twice. Delete one of them"),
    "project.import.contradicts": _("Row %(row)s has the same number and says something else. Keep one of them"),
    "project.import.no_rows": _("The file has a head but no rows"),
    "project.import.left_empty": _("%(cell)s cannot be read: left empty, the text is in the note"),
    "project.import.no_file": _("Choose the file first"),
    "project.import.to_correct": _("%(rows)s rows are to be corrected. Try the file to see which"),
    "project.import.too_many_rows": _(
        "The file has %(rows)s rows, here at most %(most)s go at once. Divide it, or on the server: cheyi import %(kind)s FILE"
    ),
    "project.import.no_store": _("There is no store yet. Start cheyi up and set up the first one"),
    "project.import.which_store": _("Say for which store: --store, one of %(stores)s"),
    "project.import.file_exists": _("%(file)s is there already. Give another name behind the kind"),
    "project.import.bad_role": _("“%(role)s” is no role. Roles are %(roles)s"),
    "project.import.skills_of_no_technician": _("%(name)s has skills but is no technician"),
    "project.import.sign_in_taken": _("Somebody else signs in as “%(name)s”"),
}
