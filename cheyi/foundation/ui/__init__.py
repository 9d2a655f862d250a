"""The shell of every screen: the template environment, its filters, the texts that scripts show.

界面外壳:模板环境、显示格式、脚本用到的文字。How to build a page: ``docs/ui.md``.
"""
