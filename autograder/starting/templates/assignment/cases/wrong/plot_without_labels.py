# /// case
# about = "the line is right, the labels are missing"
# expect = { test_plot = "partial" }
# ///
# %% plot
fig, ax = plt.subplots()
ax.plot(hours, measured)
