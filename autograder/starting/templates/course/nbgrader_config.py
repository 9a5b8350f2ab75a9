"""nbgrader on this course: its autograde, formgrader, feedback, export and exchange, made safe to use."""

from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades

from autograder.course import Course
from autograder.dropin import install
from autograder.feedback.hiding import HideTests
from autograder.feedback.sanitising import markdown_to_safe_html

ROOT = Path(__file__).resolve().parent

# `nbgrader autograde` and the formgrader's button run students' code behind the wall
install()

c = get_config()  # noqa: F821 (given by the loader of this file)
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "COURSE_ID"
c.CourseDirectory.db_url = Course.open(ROOT).db_url

# the formgrader shows notebooks of students on the instructor's own origin
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": markdown_to_safe_html}

c.GenerateFeedback.preprocessors = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]

# feedback of submissions that came from elsewhere is left out, instead of ending the release of all
c.ExchangeFactory.release_feedback = "autograder.dropin.exchange.ReleaseFeedback"
