"""The screens of the customers package."""
