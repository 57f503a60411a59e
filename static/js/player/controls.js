/** The elements of media-chrome that templates/components/screen.html is made of. Loaded once a picture is wanted. */

import "../../vendor/media-chrome/dist/media-airplay-button.js";
import "../../vendor/media-chrome/dist/media-control-bar.js";
import "../../vendor/media-chrome/dist/media-controller.js";
import "../../vendor/media-chrome/dist/media-fullscreen-button.js";
import "../../vendor/media-chrome/dist/media-live-button.js";
import "../../vendor/media-chrome/dist/media-loading-indicator.js";
import "../../vendor/media-chrome/dist/media-mute-button.js";
import "../../vendor/media-chrome/dist/media-pip-button.js";
import "../../vendor/media-chrome/dist/media-play-button.js";
import "../../vendor/media-chrome/dist/media-seek-backward-button.js";
import "../../vendor/media-chrome/dist/media-seek-forward-button.js";
import "../../vendor/media-chrome/dist/media-volume-range.js";
import "../../vendor/media-chrome/dist/menu/media-chrome-menu-item.js";
import "../../vendor/media-chrome/dist/menu/media-rendition-menu-button.js";
import "../../vendor/media-chrome/dist/menu/media-rendition-menu.js";
