"""The decorators that connect functions to a mesh."""
