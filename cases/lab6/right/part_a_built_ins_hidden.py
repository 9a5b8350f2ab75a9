# /// case
# about = "names of built-in functions taken for variables at the top of cells"
# ///
# %% sigmoid
list = [-1.0, 0.0, 1.0]
sum = 0
for value in list:
    sum += value

def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + np.exp(-(w * np.asarray(x) + b)))

max = sigmoid(10.0)
min = sigmoid(-10.0)
abs = max - min
# %% fit
def fit_logistic(X, y, C=1.0):
    m = LogisticRegression(C=C).fit(X, y)
    return m.coef_[0], m.intercept_[0]

type = "logistic"
len = 1000
all = any = None
range = (0, 1)
