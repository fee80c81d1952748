"""Sphinx's configuration: pages in Markdown, API from the docstrings, mathematics as MathML, nothing from a network."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_extensions"), str(HERE.parent)]

project = "grokking-reduced"
author = "the grokking-reduced developers"
project_copyright = author
release = version = installed("grokking-reduced")

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "mathml",
]
exclude_patterns = ["_build", "_inventories", "gallery"]
root_doc = "index"
nitpicky = False
suppress_warnings = ["config.cache"]

# Markdown: formulas between dollars, anchors for headings.
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 3

# Docstrings, and links from them to other packages. The inventories are kept in the tree, so that no network is asked.
autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_xref_param_type = True
numpydoc_xref_ignore = {"of", "or", "array", "in", "to", "default", "optional", "shape", "them", "matrix"}
numpydoc_xref_aliases = {"array": "numpy.ndarray", "Generator": "numpy.random.Generator"}
intersphinx_mapping = {
    "python": ("https://docs.python.org/3/", "_inventories/python.inv"),
    "numpy": ("https://numpy.org/doc/stable/", "_inventories/numpy.inv"),
    "scipy": ("https://docs.scipy.org/doc/scipy/", "_inventories/scipy.inv"),
    "xarray": ("https://docs.xarray.dev/en/stable/", "_inventories/xarray.inv"),
}

# The gallery: every example runs, once.
sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "auto_gallery",
    "filename_pattern": "/",
    "ignore_pattern": r"__init__\.py",
    "within_subsection_order": "FileNameSortKey",
    "download_all_examples": False,
    "write_computation_times": False,
    "show_memory": False,
    "show_signature": False,
    "remove_config_comments": True,
    "plot_gallery": True,
    "min_reported_time": 0,
    "image_scrapers": ("matplotlib",),
    "matplotlib_animations": True,
    "reset_modules": ("matplotlib",),
}

html_math_renderer = "mathml"
html_theme = "furo"
html_title = "grokking-reduced"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
