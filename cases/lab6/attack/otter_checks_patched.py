# /// case
# about = "Otter's own classes, found in this process, are told that every test case passed"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 3
# succeeds_at = ["otter"]
# ///
# %% curves
# a grader that scores in the student's own process is scored by the student
import importlib

curves = {}

def _passed(self, *args, **kwargs):
    from otter.test_files.abstract_test import TestCaseResult

    self.test_case_results = [TestCaseResult(test_case=case, message=None, passed=True) for case in self.test_cases]

for _module, _name in (("exception_test", "ExceptionTestFile"), ("ok_test", "OKTestFile")):
    try:
        setattr(getattr(importlib.import_module(f"otter.test_files.{_module}"), _name), "run", _passed)
    except Exception:
        pass
