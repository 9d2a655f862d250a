"""Accounts, stores, access, audit, facts, jobs, numbers, search, files, messages and the shell of every screen.

基础设施：账号、门店、权限、审计、事实、后台任务、单号、搜索、附件、消息与界面外壳。It knows no car dealer.
"""
