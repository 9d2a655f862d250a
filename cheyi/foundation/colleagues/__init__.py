"""Colleagues (员工): who works here with which roles, the link for the own password, leaving, coming back, release."""

VIEW = "foundation.account.view"
GRANT = "foundation.account.grant"
RELEASE = "foundation.account.release"
