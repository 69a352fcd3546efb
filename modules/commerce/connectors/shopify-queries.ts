// What is asked of Shopify's Admin API, in GraphQL.

const MONEY = "{ shopMoney { amount currencyCode } }";
const ADDRESS = "{ name company address1 address2 city province zip country phone }";
/** Orders with more lines than that are marked. */
export const LINES_MAX = 50;

const ORDER = `id name createdAt updatedAt cancelledAt displayFinancialStatus displayFulfillmentStatus taxesIncluded email phone note discountCodes
  subtotalPriceSet ${MONEY} totalTaxSet ${MONEY} totalShippingPriceSet ${MONEY} totalDiscountsSet ${MONEY} totalPriceSet ${MONEY} totalRefundedSet ${MONEY}
  customer { id firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
  shippingAddress ${ADDRESS} billingAddress ${ADDRESS} shippingLine { title }
  lineItems(first: ${LINES_MAX}) { pageInfo { hasNextPage } nodes { name sku quantity product { id }
    originalTotalSet ${MONEY} discountedTotalSet ${MONEY} taxLines { priceSet ${MONEY} } } }`;
const PRODUCT = `id title handle descriptionHtml productType vendor status createdAt updatedAt publishedAt tracksInventory totalInventory
  hasOnlyDefaultVariant category { name } featuredMedia { preview { image { url altText } } }
  variants(first: 1) { nodes { sku price compareAtPrice } }`;

const FIELDS = { order: ORDER, product: PRODUCT };

export const SHOP = "query { shop { name currencyCode } }";

export function listQuery(kind: "order" | "product"): string {
  return `query ($first: Int!, $after: String, $query: String) {
    things: ${kind}s(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes { ${FIELDS[kind]} } pageInfo { hasNextPage endCursor } } }`;
}

export function oneQuery(kind: "order" | "product"): string {
  return `query ($id: ID!) { thing: ${kind}(id: $id) { ${FIELDS[kind]} } }`;
}

export const UPDATE = `mutation ($product: ProductUpdateInput!) {
  productUpdate(product: $product) { product { id } userErrors { field message } } }`;
