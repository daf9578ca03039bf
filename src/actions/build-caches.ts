/**
 * The variable through which setup-mesh-toolchain tells cross-compile-go where the build caches are that it keeps
 * from run to run: a folder with a GOCACHE for each platform.
 */
export const BUILD_CACHES = 'MESH_GO_BUILD_CACHES'
