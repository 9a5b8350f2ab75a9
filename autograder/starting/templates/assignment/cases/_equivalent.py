"""Changes to the solution that no test need notice, for `autograder verify ASSIGNMENT --mutants`.

Why each is none; and, under the name of its cell, a function that says how far the two are apart, in units of what the
tests tolerate.
"""

EQUIVALENT = {
    "standardise/other-comparison@4.2": "no standard deviation is below zero",
    "standardise/off-by-one@4.5": "in a constant column the numerator is zero, whatever it is divided by",
}


def standardise(right, mutant, rng):
    X = rng.normal(size=(20, 3)) * rng.integers(0, 2, size=3)
    return abs(right.standardise(X) - mutant.standardise(X)) / 1e-6
