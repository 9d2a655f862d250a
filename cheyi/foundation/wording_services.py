"""The refusals of files, pictures, tables, the disk, messages and numbers in words that say how to go on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SERVICES: dict[str, str | Promise] = {
    "foundation.disk.no_uploads": _(
        "The disk is almost full (%(free)s MB left), so no photos or files can be added. Ask the administrator to make room"
    ),
    "foundation.disk.read_only": _(
        "The disk is full (%(free)s MB left). Everything can be read, nothing can be saved until the administrator makes room"
    ),
    "foundation.image.too_heavy": _(
        "The picture is larger than %(limit)s MB. Take it again with the camera of the phone"
    ),
    "foundation.image.too_many_pixels": _(
        "The picture has %(megapixels)s megapixels, at most %(limit)s fit. Take it again with the camera of the phone, "
        "or save a smaller copy"
    ),
    "foundation.image.left_out": _("Left out: %(names)s. %(why)s. The rest is still here, send it"),
    "foundation.image.drawing": _("This is a drawing or a web page, not a photo. Choose a JPEG, PNG or WebP picture"),
    "foundation.image.unknown": _("This is not a picture that can be read. Choose a JPEG, PNG or WebP picture"),
    "foundation.image.damaged": _("The picture did not arrive whole. Choose it again, or take a new one"),
    "foundation.file.too_heavy": _("The file is larger than %(limit)s MB. Save a smaller one"),
    "foundation.file.not_pdf": _("Only PDF files can be kept here. Save it as PDF, or choose a photo"),
    "foundation.calendar.never": _("The store must be open at some time of the week. Give at least one day its hours"),
    "foundation.calendar.overlap": _("%(first)s and %(second)s overlap. Correct one of them"),
    "foundation.calendar.ends_first": _("%(opens)s to %(closes)s ends before it begins. Correct one of the two times"),
    "foundation.calendar.bad_time": _("“%(text)s” is not a time. Write it like 08:30"),
    "foundation.calendar.half_span": _("Here a time is missing. Give both, or leave both empty"),
    "foundation.calendar.no_hours": _("Give the hours, or tick “Closed”"),
    "foundation.calendar.no_day": _("Choose the day"),
    "foundation.calendar.bad_day": _("“%(text)s” is not a day. Write it like 2026-06-15"),
    "foundation.calendar.day_past": _("%(day)s is over. Choose today or a later day"),
    "foundation.absence.ends_first": _("The end must come after the beginning, and after now. Correct one of them"),
    "foundation.absence.too_far": _("At most a year ahead. Choose an earlier day"),
    "foundation.absence.unknown_why": _("Choose why from the list"),
    "foundation.absence.over": _("%(name)s is here again already, or was never noted as away. Load the page again"),
    "foundation.roster.ends_first": _("%(starts)s to %(ends)s ends before it begins. Correct one of the two times"),
    "foundation.roster.break_outside": _("The break %(rest)s must lie within %(work)s. Correct it, or leave it empty"),
    "foundation.roster.overlap": _("%(first)s and %(second)s overlap. Correct one of them"),
    "foundation.roster.day_past": _("%(day)s is over. Choose today or a later day"),
    "foundation.roster.too_far": _("%(day)s is more than a year ahead. Choose an earlier day"),
    "foundation.roster.nothing_to_copy": _("Nothing to take over: the week before is empty, or this one is full"),
    "foundation.roster.weeks": _("1 to %(most)s weeks. Type a number between them"),
    "foundation.roster.not_here": _("Somebody of these does not work here any more. Load the page again"),
    "foundation.roster.half_span": _("Here a time is missing. Give both, or leave both empty"),
    "foundation.roster.no_hours": _("Give from and until, or choose “Day off”"),
    "foundation.roster.no_days": _("Tick at least one day of the week"),
    "foundation.file.gone": _("The uploaded file is no longer there. Choose it again"),
    "foundation.table.no_file": _("There is no file “%(name)s”. Check the path"),
    "foundation.table.too_large": _("The file is larger than %(limit)s MB. Split it into several"),
    "foundation.table.other_format": _("This is neither an .xlsx nor a .csv file. Save it as .xlsx and choose that"),
    "foundation.table.damaged": _("The file is not whole. Save it again from your spreadsheet program"),
    "foundation.table.inflates": _(
        "The file swells to more than %(megabytes)s MB when it is opened. Copy the cells into a new workbook and save that"
    ),
    "foundation.table.too_many_members": _(
        "The workbook consists of %(count)s pieces, at most %(limit)s are taken. Copy the cells into a new workbook"
    ),
    "foundation.table.too_many_rows": _("The table has more than %(limit)s rows. Split it into several files"),
    "foundation.table.too_many_columns": _(
        "The table has %(count)s columns, at most %(limit)s are taken. Delete what stands far to the right"
    ),
    "foundation.table.long_cell": _("A cell in row %(line)s is longer than %(limit)s characters. Shorten it"),
    "foundation.table.entities": _("The file refers to things outside of it. Save it again as .xlsx"),
    "foundation.table.nul_bytes": _("Row %(line)s holds bytes that are not text. Save the table again as .xlsx"),
    "foundation.table.unknown_encoding": _(
        "From row %(line)s on the text is neither UTF-8 nor GB18030. Save the table again as .xlsx, or as CSV UTF-8"
    ),
    "foundation.table.broken_line": _(
        "From row %(line)s on a quotation mark is not closed. Correct the row and try again"
    ),
    "foundation.table.no_sheet": _("There is no sheet “%(sheet)s”. The workbook has: %(sheets)s"),
    "foundation.table.empty": _("The table is empty. Choose a file with a head and rows"),
    "foundation.table.too_heavy": _(
        "The table needs too much memory or time. Copy only the needed cells into a new workbook"
    ),
}
