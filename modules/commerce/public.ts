// What the modules below may call.
import * as products from "./products.ts";

export type DescribedProduct = products.DescribedProduct;

/** Products as others write about them; see `products.ts`. */
export const { askForSync, describeProduct, readProduct } = products;
