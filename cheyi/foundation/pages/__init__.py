"""Pages: what each address asks for, how it answers, and that a form has its effect once."""

from cheyi.foundation.pages.answers import fragment, go, say, screen, told_moment
from cheyi.foundation.pages.doors import NoRight, link_page, page, public_page

__all__ = ["NoRight", "fragment", "go", "link_page", "page", "public_page", "say", "screen", "told_moment"]
