# /// case
# about = "read off the picture at two heights and solved for"
# ///
# %% curves
def from_points(x_low, x_half):
    slope = np.log(3) / (x_half - x_low)
    return slope, -slope * x_half

curves = {
    "orange": from_points(-5 - 1.0986, -5),
    "green": from_points(-1 - 0.21972, -1),
    "blue": from_points(-1.0986, 0),
}
