# /// case
# about = "computed from slopes and half heights, in an OrderedDict of named tuples"
# ///
# %% curves
from collections import OrderedDict, namedtuple

Curve = namedtuple("Curve", "w b")
half_height = {"orange": -5, "green": -1, "blue": 0}
slope = {"orange": 1, "green": 5, "blue": 1}
curves = OrderedDict((name, Curve(slope[name], -slope[name] * half_height[name])) for name in slope)
