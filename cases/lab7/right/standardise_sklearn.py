# /// case
# about = "scikit-learn's scaler"
# ///
# %% standardise
from sklearn.preprocessing import StandardScaler

def standardise(X_train, X_other):
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_other)
