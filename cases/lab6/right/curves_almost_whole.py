# /// case
# about = "read off the picture, a hundredth beside the whole numbers"
# ///
# %% curves
curves = dict(orange=(1.004, 4.997), green=(4.996, 5.003), blue=(0.998, -0.004))
