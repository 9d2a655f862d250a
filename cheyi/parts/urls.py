"""Addresses of the parts store."""

from django.urls import path

from cheyi.parts.pages import receiving, requests, stock

app_name = "parts"
urlpatterns = [
    path("", requests.board, name="requests"),
    path("rows", requests.rows, name="request-rows"),
    path("scan", requests.scan, name="scan"),
    path("history", requests.history, name="history"),
    path("requests/<int:request_id>", requests.one, name="request"),
    path("lines/<int:line_id>/pick", requests.pick, name="pick"),
    path("lines/<int:line_id>/issue", requests.issue, name="issue"),
    path("lines/<int:line_id>/take-back", requests.take_back, name="take-back"),
    path("lines/<int:line_id>/shortage", requests.decide_shortage, name="shortage"),
    path("stock", stock.stock, name="stock"),
    path("parts/<int:part_id>", stock.part, name="part"),
    path("parts/<int:part_id>/lost-sale", stock.lost_sale, name="lost-sale"),
    path("receive", receiving.receive, name="receive"),
    path("receive/hits", receiving.hits, name="receive-hits"),
    path("receive/rows/<int:part_id>", receiving.row, name="receive-row"),
]
