"""The screens of the vehicles package."""
