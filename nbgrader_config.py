"""nbgrader on this course: its autograde, formgrader, feedback, export and exchange, made safe to use."""

import os
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades

from autograder.feedback.hiding import HideTests
from autograder.feedback.sanitising import markdown_to_safe_html

ROOT = Path(__file__).resolve().parent

# hidden tests import `reference`; the kernel that `nbgrader autograde` starts inherits this
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))

c = get_config()  # noqa: F821 (given by the loader of this file)
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "logistic-regression"

# the formgrader shows notebooks of students on the instructor's own origin
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": markdown_to_safe_html}

c.GenerateFeedback.preprocessors = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]
