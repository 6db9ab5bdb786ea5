import { type AlignetEnvironment } from '../alignet.options';

/**
 * What Alignet signs with, per environment; RSA 2048, SPKI. The pre-production key verifies `development` too: the official
 * WooCommerce plugin uses it with those hosts. The simulator's key is made anew with every simulator.
 *
 * @see https://docs.pay-me.com, "API de Notificaciones S2S", "Verificación del signature" (read 2026-11), byte for byte the
 * same as in the official WooCommerce plugin 1.4.3
 */
const PREPROD =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkmpsqcJzjQ45u0K7JOQJtfjXGeMXNwsaU6JDGSdKwSDGGXt1m551p2mlG0oGkmn9FPbp4E0lOQzkL/qhHB1YpTP2MqecJ7pMTonEeXOv0P6uwR9yvV5lxK17nE3+xgfcpFfxT5GAI/wZsQJ3+Lsvqh3+IcRG2Hb2BUdM5pYZFOUBGGSZWc/ULPtsFx2DSjI9peJ9kYibpaokphP+Cypz/LgKV7Yiv/TUufPiUk5gFYIad5VhRU822sTMRQ7BgS2CY4t49jqFkIiRnmPwM8fFKjPD4wvzssrqbAQvkk56XOcE9ML0iJhcIY1/xgNSiHqij0Ql1UTU5nAIJR5/paOnhQIDAQAB';
const PRODUCTION =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwEAOZB5HxPxraV/SmOUCi+Y/A2tQ9djLWTJ7yx4kXzdDuy0yojZMwA+p5jUExN0ZvW78Td2d29KpmXu7hdTkn+NCx+CpufDh5aSsIl6XLwQh9D7cS+elq/TVaizQIAfNa6+z/xT3zFhMOwfWuj3tY2UKdyss7GFxnQ7BWahci2vlUUuR2wjKniN1XLQWX1gPw1kZhU4EcKcMbymSv7GA/ZJAEs9Ce6kziO8qZAj/tvIf4O3iA2GvfjPgV7tgfp3z2LHeLbxMCIrc+GMpKt9+Yg+hKfandUC3/8fXWtyff2W8iQA6uNDvJ3uG61bOMEKEJwlc1piZxiBsuQkmeGVskwIDAQAB';

export const ALIGNET_PUBLIC_KEYS: Readonly<Record<AlignetEnvironment, readonly string[]>> = {
  production: [PRODUCTION],
  preprod: [PREPROD],
  development: [PREPROD],
  sandbox: [],
};
