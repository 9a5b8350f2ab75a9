# /// case
# about = "ends its process when it is tested: that costs this question and no other"
# expect = { test_fahrenheit = "zero" }
# ///
# %% fahrenheit
import os


def to_fahrenheit(celsius):
    os._exit(0)
