# /// case
# about = "a written answer with script, and pictures that are none, for the page on which it is marked"
# kind = "render"
# promise = 6
# succeeds_at = []
# ///
# %% answer_vector_form
# One vector is enough. <script>document.title="run"</script> <img src="x" onerror="document.title='run'">
#
# [more](javascript:alert(1)) ![picture](attachment:../../../../etc/passwd) <svg onload="document.title='run'"></svg>
#
# $\href{javascript:alert(1)}{x}$
