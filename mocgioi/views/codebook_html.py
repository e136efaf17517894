"""The codebook as one HTML page, by the template `templates/codebook.html.jinja`."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from mocgioi.views.codebook import CHAPTERS, INTRO, SETS, TITLE, Codebook, capital, form, legal, values


def html(book: Codebook) -> str:
    """The whole page."""
    environment = Environment(
        loader=PackageLoader("mocgioi.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["capital"] = capital
    page = environment.get_template("codebook.html.jinja")
    return page.render(book=book, title=TITLE, intro=INTRO, chapters=CHAPTERS, sets=SETS, legal=legal, values=values, form=form)
