"""onecard (一卡通): the platform that runs a city's third-generation social security card."""

__version__ = "0.1.0"
