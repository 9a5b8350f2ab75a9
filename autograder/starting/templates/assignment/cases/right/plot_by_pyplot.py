# /// case
# about = "drawn through pyplot, with a title and a grid of its own"
# ///
# %% plot
fig, ax = plt.subplots(figsize=(8, 3))
plt.plot(hours, measured, "o-", color="tab:red")
plt.xlabel("h")
plt.ylabel("C")
plt.title("One day")
plt.grid()
