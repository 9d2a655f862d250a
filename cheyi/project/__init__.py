"""Settings, addresses, the command line and what starts the program.

装配：设置、网址、命令行与启动。
"""
