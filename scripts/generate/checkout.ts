/** The only action of others that the suite uses, pinned, in what is generated and in the tests' workflows. */
export const CHECKOUT = 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd'
export const CHECKOUT_VERSION = 'v6.0.2'
