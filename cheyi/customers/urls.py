"""Addresses of the customers package."""

from django.urls import path

from cheyi.customers.pages import cards, consents, contacts, lists, numbers

app_name = "customers"
urlpatterns = [
    path("", lists.customers, name="list"),
    path("elsewhere", lists.elsewhere, name="elsewhere"),
    path("adopt", lists.adopt, name="adopt"),
    path("new", cards.add, name="add"),
    path("<int:customer_id>", cards.card, name="card"),
    path("<int:customer_id>/edit", cards.edit, name="edit"),
    path("<int:customer_id>/reveal", numbers.reveal, name="reveal"),
    path("<int:customer_id>/clear/<slug:field>", numbers.clear, name="clear"),
    path("<int:customer_id>/masked/<slug:field>", numbers.masked, name="masked"),
    path("<int:customer_id>/contacts", contacts.add, name="add-contact"),
    path("contacts/<int:contact_id>/edit", contacts.edit, name="edit-contact"),
    path("contacts/<int:contact_id>/drop", contacts.drop, name="drop-contact"),
    path("<int:customer_id>/consents/<slug:purpose>", consents.consent, name="consent"),
    path("<int:customer_id>/holds", consents.hold, name="hold"),
    path("holds/<int:hold_id>/release", consents.release, name="release"),
]
