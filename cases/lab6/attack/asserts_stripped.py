# /// case
# about = "an AST transformer of IPython removes every assert from the cells that follow"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% curves
# test cells pass through the student's transformer
import ast

class _NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

    def visit_Expr(self, node):
        return ast.copy_location(ast.Pass(), node)

get_ipython().ast_transformers.append(_NoAsserts())
curves = {}
