"""市民卡网点: the desk of a Citizen Card outlet, where purses are topped up and refunded."""
