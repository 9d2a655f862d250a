"""Facts about customers."""

from __future__ import annotations

from cheyi.foundation.events import Event, fact


@fact("customers.customer.created")
class CustomerCreated(Event):
    """Somebody new is on file."""

    customer_id: int


@fact("customers.customer.adopted")
class CustomerAdopted(Event):
    """A store knows a customer from now on whom only sister stores knew before."""

    customer_id: int


@fact("customers.customer.changed")
class CustomerChanged(Event):
    """Something in the file changed; ``fields`` are the names of the columns, never their contents."""

    customer_id: int
    fields: tuple[str, ...]


@fact("customers.customer.held")
class CustomerHeld(Event):
    """The customer must not be contacted for a while: ``reach`` is ``marketing`` or ``all``."""

    customer_id: int
    reach: str
    reason: str


@fact("customers.customer.released")
class CustomerReleased(Event):
    """A hold on contacts is lifted."""

    customer_id: int


@fact("customers.consent.given")
class ConsentGiven(Event):
    """The customer allowed something."""

    customer_id: int
    purpose: str


@fact("customers.consent.withdrawn")
class ConsentWithdrawn(Event):
    """The customer took a consent back."""

    customer_id: int
    purpose: str
