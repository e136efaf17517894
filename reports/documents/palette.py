"""How the sides look in every chart."""

from schemas.codebook import Side

COLOURS = {
    Side.CN: "#b3261e",
    Side.VN: "#1f5fa8",
    Side.BOTH: "#7a5195",
    Side.THIRD: "#8a6d3b",
    Side.UNDETERMINED: "#9e9e9e",
    Side.CONTESTED: "#dd9b1d",
}
HATCHES = {Side.VN: "//", Side.BOTH: "xx", Side.THIRD: "..", Side.UNDETERMINED: "", Side.CONTESTED: "\\\\"}
"""They keep the sides apart on a copy in black and white."""
