/** The same application as ES modules: imports of names from a CommonJS package must be found without running it. */
import * as axios from '@nestjs/axios';
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as library from 'nestjs-payment-auth';
import { PaymentAuthModule } from 'nestjs-payment-auth';
import * as testing from 'nestjs-payment-auth/testing';
import exercise from './exercise.cjs';

if (PaymentAuthModule !== library.PaymentAuthModule) throw new Error('PaymentAuthModule is there twice.');
const [, , baseUrl, platform] = process.argv;
const { ExpressAdapter, FastifyAdapter } = await import(`@nestjs/platform-${platform}`);
const adapter = new (ExpressAdapter ?? FastifyAdapter)();
console.log(JSON.stringify(await exercise.exercise({ core, common, axios, library, testing, adapter }, baseUrl)));
