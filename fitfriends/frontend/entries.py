"""What pages ask for by name; everything else of `static/js` and `static/css` reaches them inside of these."""

# Loaded by a <script type="module">; each brings along whatever it imports.
PAGES = (
    "js/camera/camera-page.js",
    "js/interactions/instructor-view.js",
    "js/pages/class-page.js",
    "js/pages/site.js",
    "js/studio/studio.js",
)
# Loaded by an import() of a page, and told of beforehand by <link rel="modulepreload">. One file for all pages.
LAZY = (
    "js/player/controls.js",
    "vendor/hls.js/hls.light.min.js",
)
WORKERS = (
    "js/lib/tick-worker.js",
    "vendor/hls.js/hls.worker.js",
)
STYLES = (
    "css/bare.css",
    "css/camera.css",
    "css/chat/reports.css",
    "css/class.css",
    "css/interactions/instructor-view.css",
    "css/pages/api-docs.css",
    "css/pages/home.css",
    "css/site.css",
    "css/studio.css",
)
ALL = PAGES + LAZY + WORKERS + STYLES
# Sources of these kinds are never collected as they are.
SUFFIXES = (".js", ".css", ".woff2")
