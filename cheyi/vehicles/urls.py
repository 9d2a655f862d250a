"""Addresses of the vehicles package."""

from django.urls import path

from cheyi.vehicles.pages import cards, changes, lists

app_name = "vehicles"
urlpatterns = [
    path("", lists.vehicles, name="list"),
    path("elsewhere", lists.elsewhere, name="elsewhere"),
    path("adopt", lists.adopt, name="adopt"),
    path("new", cards.add, name="add"),
    path("<int:vehicle_id>", cards.card, name="card"),
    path("<int:vehicle_id>/edit", cards.edit, name="edit"),
    path("<int:vehicle_id>/mileage", changes.mileage, name="mileage"),
    path("<int:vehicle_id>/plate", changes.plate, name="plate"),
    path("<int:vehicle_id>/owner", changes.owner, name="owner"),
]
