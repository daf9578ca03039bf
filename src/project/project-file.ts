/** The name of the project file where no other was given. It stands by itself for those that must not load the schema. */
export const PROJECT_FILE = 'mesh.yml'
